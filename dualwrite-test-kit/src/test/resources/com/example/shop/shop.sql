CREATE TABLE orders (
  id       BIGINT PRIMARY KEY,
  customer VARCHAR(40) NOT NULL,
  state    VARCHAR(10) NOT NULL
) ENGINE=InnoDB;

CREATE TABLE order_line (
  id       BIGINT AUTO_INCREMENT PRIMARY KEY,
  order_id BIGINT NOT NULL,
  article  VARCHAR(40) NOT NULL,
  price    DECIMAL(10, 2) NOT NULL,
  KEY by_order (order_id)
) ENGINE=InnoDB;

INSERT INTO orders VALUES (1, 'Ann; the first', 'PAID');
INSERT INTO order_line VALUES (1, 1, 'teapot', 19.90);
