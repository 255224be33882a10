CREATE TABLE account (
  id BIGINT PRIMARY KEY,
  opening DECIMAL(19, 2) NOT NULL,
  balance DECIMAL(19, 2) NOT NULL
) ENGINE=InnoDB;

CREATE TABLE instruction (
  file VARCHAR(40) NOT NULL,
  position INT NOT NULL,
  payer BIGINT NOT NULL,
  payee BIGINT NOT NULL,
  amount DECIMAL(19, 2) NOT NULL,
  PRIMARY KEY (file, position)
) ENGINE=InnoDB;

CREATE TABLE ledger_entry (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  account_id BIGINT NOT NULL,
  amount DECIMAL(19, 2) NOT NULL,
  file VARCHAR(40) NOT NULL,
  position INT NOT NULL,
  KEY of_instruction (file, position),
  KEY of_account (account_id, amount),
  FOREIGN KEY (account_id) REFERENCES account (id)
) ENGINE=InnoDB;
