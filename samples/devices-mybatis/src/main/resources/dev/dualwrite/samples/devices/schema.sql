CREATE TABLE device (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  serial VARCHAR(40) NOT NULL,
  model VARCHAR(40) NOT NULL,
  UNIQUE KEY one_of_a_serial (serial)
) ENGINE=InnoDB;

CREATE TABLE device_state (
  device_id BIGINT PRIMARY KEY,
  sequence BIGINT NOT NULL,
  temperature DECIMAL(5, 1) NOT NULL,
  FOREIGN KEY (device_id) REFERENCES device (id)
) ENGINE=InnoDB;

CREATE TABLE reading (
  device_id BIGINT NOT NULL,
  sequence BIGINT NOT NULL,
  temperature DECIMAL(5, 1) NOT NULL,
  PRIMARY KEY (device_id, sequence),
  FOREIGN KEY (device_id) REFERENCES device (id)
) ENGINE=InnoDB;

CREATE TABLE presence (
  device_id BIGINT PRIMARY KEY,
  messages BIGINT NOT NULL
) ENGINE=InnoDB;
