CREATE TABLE product (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  sku VARCHAR(40) NOT NULL,
  price DECIMAL(10, 2) NOT NULL,
  version INT NOT NULL,
  UNIQUE KEY one_of_a_sku (sku)
) ENGINE=InnoDB;

CREATE TABLE price_change (
  product_id BIGINT NOT NULL,
  version INT NOT NULL,
  price DECIMAL(10, 2) NOT NULL,
  PRIMARY KEY (product_id, version)
) ENGINE=InnoDB;

CREATE TABLE tag (
  product_id BIGINT NOT NULL,
  name VARCHAR(40) NOT NULL,
  PRIMARY KEY (product_id, name),
  FOREIGN KEY (product_id) REFERENCES product (id)
) ENGINE=InnoDB;

CREATE TABLE popularity (
  product_id BIGINT PRIMARY KEY,
  views BIGINT NOT NULL
) ENGINE=InnoDB;
