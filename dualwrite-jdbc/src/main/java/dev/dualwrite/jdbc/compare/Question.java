package dev.dualwrite.jdbc.compare;

import dev.dualwrite.Side;
import java.util.List;
import java.util.Set;

/**
 * Something that both sides can be asked, any number of times.
 *
 * @param <A> its answers
 */
interface Question<A> {
    Shape shape();

    /** Of the domain, in lower case: what is on its way to these may change the follower's answer. */
    Set<String> tables();

    /**
     * Asks a side.
     *
     * @throws Unanswered if it does not answer
     */
    A ask(Side side) throws Unanswered;

    /** Whether an answer of the owner and one of the follower, or two of one side, are the same. */
    Likeness compare(A owner, A other);

    /** Whether it is an answer, and not a server's saying that it has none to such a question. */
    boolean answers(A answer);

    /** What is remembered of a pair of answers that differed; the same if they do so again. */
    Object print(A owner, A follower);

    /** In which rows they differ. */
    List<Differing> differences(A owner, A follower);
}
