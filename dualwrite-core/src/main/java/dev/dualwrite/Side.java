package dev.dualwrite;

/** One of the two databases, as a place. A place never changes; the roles owner and follower do. */
public enum Side {
    SOURCE,
    TARGET;

    /** The other database. */
    public Side other() {
        return this == SOURCE ? TARGET : SOURCE;
    }
}
