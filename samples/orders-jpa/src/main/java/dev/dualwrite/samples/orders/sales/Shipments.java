package dev.dualwrite.samples.orders.sales;

import org.springframework.data.jpa.repository.JpaRepository;

/** What is on its way. */
interface Shipments extends JpaRepository<Shipment, Long> {}
