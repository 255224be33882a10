package dev.dualwrite.samples.tenants;

/** What is said beside the bodies. */
public final class Headers {
    /** Of an answer: names the write, for {@link #READ_AFTER}. */
    public static final String WRITE_TOKEN = "Write-Token";

    /** Of a request: what it reads is not older than this write, on any instance. */
    public static final String READ_AFTER = "Read-After";

    /** Of an answer, for people who look into something: the instance and its database. */
    public static final String ANSWERED_BY = "Answered-By";

    private Headers() {}
}
