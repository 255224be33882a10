package dev.dualwrite.testkit.server;

/** Which of the two servers is meant. Places are fixed, whoever owns the data. */
enum Place {
    SOURCE,
    TARGET
}
