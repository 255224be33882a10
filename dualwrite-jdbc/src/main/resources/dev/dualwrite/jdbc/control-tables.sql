-- The control tables of dualwrite, for MySQL 8.0.22 or newer and MariaDB 11.4 or newer.
-- They stand on both sides, in the schema of the moved tables. The library creates them on request; with
-- Flyway or Liquibase use this text. The prefix is configurable. Times are UTC, by the clock of the server.

CREATE TABLE IF NOT EXISTS dualwrite_fence (
  migration     VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  slice         VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  side          VARCHAR(6)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state         VARCHAR(11)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  phase         VARCHAR(16)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  epoch         BIGINT       NOT NULL,
  attempt       CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  capture_epoch BIGINT       NOT NULL DEFAULT 0,
  marking       TINYINT      NOT NULL DEFAULT 0,
  backfill      BIGINT       NOT NULL DEFAULT 0,
  frozen_at     DATETIME(6)  NULL,
  budget_micros BIGINT       NOT NULL DEFAULT 0,
  server_uuid   VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (migration, slice, side)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_intent (
  migration  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  side       VARCHAR(6)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  marked     TINYINT     NOT NULL DEFAULT 0,
  lane       SMALLINT    NOT NULL,
  id         BINARY(16)  NOT NULL,
  table_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  unit       BINARY(16)  NOT NULL,
  key_values VARBINARY(8192) NOT NULL,
  created_at DATETIME(6) NOT NULL,
  marked_at  DATETIME(6) NULL,
  PRIMARY KEY (migration, side, marked, lane, id)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_lane (
  migration VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  side      VARCHAR(6)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  lane      SMALLINT    NOT NULL,
  PRIMARY KEY (migration, side, lane)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_parked (
  migration   VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  side        VARCHAR(6)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  unit        BINARY(16)   NOT NULL,
  table_name  VARCHAR(64)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  key_values  VARBINARY(8192) NOT NULL,
  vendor_code INT          NOT NULL,
  sql_state   VARCHAR(5)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reason      VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  attempts    INT          NOT NULL,
  first_at    DATETIME(6)  NOT NULL,
  last_at     DATETIME(6)  NOT NULL,
  PRIMARY KEY (migration, side, unit)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_backfill_chunk (
  migration     VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  side          VARCHAR(6)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  run           BIGINT      NOT NULL,
  table_name    VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  chunk         INT         NOT NULL,
  lower_key     VARBINARY(8192) NULL,
  state         VARCHAR(8)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  reached_key   VARBINARY(8192) NULL,
  planned       BIGINT      NOT NULL DEFAULT 0,
  row_count     BIGINT      NOT NULL DEFAULT 0,
  capture_epoch BIGINT      NOT NULL,
  mapping       VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  done_at       DATETIME(6) NULL,
  PRIMARY KEY (migration, side, run, table_name, chunk)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_verification (
  migration     VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  run           BIGINT       NOT NULL,
  state         VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  follower      VARCHAR(6)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  capture_epoch BIGINT       NOT NULL,
  mapping       VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_uuid   VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  target_uuid   VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  table_name    VARCHAR(64)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  after_key     VARBINARY(8192) NULL,
  row_count     BIGINT       NOT NULL DEFAULT 0,
  estimate      BIGINT       NOT NULL DEFAULT 0,
  started_at    DATETIME(6)  NOT NULL,
  marks_before  DATETIME(6)  NULL,
  finished_at   DATETIME(6)  NULL,
  PRIMARY KEY (migration, run)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_divergence (
  migration  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  unit       BINARY(16)  NOT NULL,
  table_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  key_values VARBINARY(8192) NOT NULL,
  kind       VARCHAR(9)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  columns_differ VARCHAR(1024) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  follower   VARCHAR(6)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  run        BIGINT      NOT NULL,
  found_at   DATETIME(6) NOT NULL,
  PRIMARY KEY (migration, unit)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_instance (
  migration    VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance     VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  epoch        BIGINT       NOT NULL,
  configuration VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  version      VARCHAR(32)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  started_at   DATETIME(6)  NOT NULL,
  heartbeat_at DATETIME(6)  NOT NULL,
  cohort_function VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
  writes       BIGINT       NOT NULL DEFAULT 0,
  skew_micros  BIGINT       NOT NULL DEFAULT 0,
  excluded     VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  PRIMARY KEY (migration, instance)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_attestation (
  migration   VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  side        VARCHAR(6)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  boot_at     DATETIME     NOT NULL,
  server_uuid VARCHAR(512) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  weak        VARCHAR(256) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seen_at     DATETIME(6)  NOT NULL,
  PRIMARY KEY (migration, side, boot_at)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_pulse (
  migration VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  side      VARCHAR(6)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  of_side   VARCHAR(6)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  beats     BIGINT      NOT NULL,
  PRIMARY KEY (migration, side, of_side)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_audit (
  migration VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  id        BINARY(16)   NOT NULL,
  at        DATETIME(6)  NOT NULL,
  epoch     BIGINT       NOT NULL,
  event     VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance  VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  detail    VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (migration, id)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_flag (
  migration  VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name       VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  flag_value VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  changed_at DATETIME(6)  NOT NULL,
  changed_by VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (migration, name)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_cohort (
  migration VARCHAR(64)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  attribute VARCHAR(40)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  member    VARCHAR(200) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  added_at  DATETIME(6)  NOT NULL,
  added_by  VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (migration, attribute, member)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_read_shape (
  migration     VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  run           BIGINT        NOT NULL,
  capture_epoch BIGINT        NOT NULL,
  mapping       VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  process       VARCHAR(36)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  shape         CHAR(32)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance      VARCHAR(128)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  shape_text    VARCHAR(2000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  counts        VARCHAR(4000) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  seen_at       DATETIME(6)   NOT NULL,
  PRIMARY KEY (migration, run, capture_epoch, mapping, process, shape)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_read_difference (
  migration     VARCHAR(64)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  run           BIGINT        NOT NULL,
  id            CHAR(36)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  capture_epoch BIGINT        NOT NULL,
  shape         CHAR(32)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  instance      VARCHAR(128)  CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  table_name    VARCHAR(64)   CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL,
  key_values    VARBINARY(8192) NULL,
  detail        VARCHAR(1000) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  found_at      DATETIME(6)   NOT NULL,
  PRIMARY KEY (migration, run, id)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS dualwrite_moved (
  migration  VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  side       VARCHAR(6)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  table_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  PRIMARY KEY (migration, side, table_name)
) ENGINE=InnoDB;
