CREATE TABLE customer (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(120) NOT NULL,
  orders INT NOT NULL,
  version INT NOT NULL,
  UNIQUE KEY one_email (email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE stock_item (
  sku VARCHAR(32) NOT NULL PRIMARY KEY,
  price DECIMAL(10,2) NOT NULL,
  received INT NOT NULL,
  on_hand INT NOT NULL,
  version INT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE purchase_order (
  id BIGINT NOT NULL PRIMARY KEY,
  customer_id BIGINT NOT NULL,
  reference VARCHAR(64) NOT NULL,
  state VARCHAR(16) NOT NULL,
  placed_at DATETIME(6) NOT NULL,
  total DECIMAL(12,2) NOT NULL,
  version INT NOT NULL,
  UNIQUE KEY one_reference (reference),
  CONSTRAINT order_of FOREIGN KEY (customer_id) REFERENCES customer (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE order_line (
  id BIGINT NOT NULL PRIMARY KEY,
  order_id BIGINT NOT NULL,
  sku VARCHAR(32) NOT NULL,
  quantity INT NOT NULL,
  price DECIMAL(10,2) NOT NULL,
  CONSTRAINT line_of FOREIGN KEY (order_id) REFERENCES purchase_order (id),
  CONSTRAINT line_from FOREIGN KEY (sku) REFERENCES stock_item (sku)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE shipment (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  order_id BIGINT NOT NULL,
  sent_at DATETIME(6) NOT NULL,
  UNIQUE KEY one_of_order (order_id),
  CONSTRAINT shipment_of FOREIGN KEY (order_id) REFERENCES purchase_order (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE id_block (
  name VARCHAR(64) NOT NULL PRIMARY KEY,
  next_val BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
