CREATE TABLE plan (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  tenant VARCHAR(40) NOT NULL,
  name VARCHAR(80) NOT NULL,
  cents INT NOT NULL,
  version INT NOT NULL,
  KEY of_tenant (tenant)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE price (
  plan_id BIGINT NOT NULL,
  version INT NOT NULL,
  cents INT NOT NULL,
  PRIMARY KEY (plan_id, version),
  CONSTRAINT price_of FOREIGN KEY (plan_id) REFERENCES plan (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
