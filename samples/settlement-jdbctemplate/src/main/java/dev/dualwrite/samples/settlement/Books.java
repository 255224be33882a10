package dev.dualwrite.samples.settlement;

import java.util.List;

/** What holds in these tables whatever was settled, and at any time. */
final class Books {
    /** @param query answers the rows which break it */
    record Rule(String name, String query) {}

    /** The one that is fast enough to be asked while writers wait. */
    static final Rule NOTHING_COMES_FROM_NOWHERE = new Rule(
            "what one account pays, another one gets", "SELECT SUM(amount) FROM ledger_entry HAVING SUM(amount) <> 0");

    static final List<Rule> RULES = List.of(
            new Rule("a balance is the opening one and the entries of the account", """
                    SELECT a.id, a.balance, SUM(e.amount)
                      FROM account a LEFT JOIN ledger_entry e ON e.account_id = a.id
                     GROUP BY a.id, a.opening, a.balance
                    HAVING a.balance <> a.opening + COALESCE(SUM(e.amount), 0)"""),
            NOTHING_COMES_FROM_NOWHERE,
            new Rule("an instruction is posted once, to two accounts", """
                    SELECT file, position, COUNT(*) FROM ledger_entry
                     GROUP BY file, position HAVING COUNT(*) <> 2"""));

    private Books() {}
}
