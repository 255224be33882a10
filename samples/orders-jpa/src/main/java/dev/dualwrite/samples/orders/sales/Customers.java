package dev.dualwrite.samples.orders.sales;

import org.springframework.data.jpa.repository.JpaRepository;

/** Those who order. */
interface Customers extends JpaRepository<Customer, Long> {}
