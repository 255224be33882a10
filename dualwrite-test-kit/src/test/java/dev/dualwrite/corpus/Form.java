package dev.dualwrite.corpus;

/** The forms of statements that are drawn, each as often as its weight says. */
public enum Form {
    INSERT_VALUES(6),
    INSERT_SET(2),
    INSERT_SELECT(2),
    INSERT_VALUES_ROW(1),
    INSERT_ON_DUPLICATE(3),
    INSERT_ROW_ALIAS(2),
    INSERT_IGNORE(1),
    INSERT_RETURNING(1),
    REPLACE_VALUES(2),
    REPLACE_SELECT(1),
    UPDATE(7),
    UPDATE_OF_KEYS(5),
    UPDATE_LIMIT(2),
    UPDATE_ORDERED(1),
    UPDATE_IGNORE(1),
    UPDATE_JOIN(3),
    UPDATE_WITH(1),
    UPDATE_HINTED(1),
    DELETE(5),
    DELETE_LIMIT(2),
    DELETE_IGNORE(1),
    DELETE_JOIN(2),
    DELETE_USING(1),
    DELETE_WITH(1),
    DELETE_RETURNING(1),
    THROUGH_VIEW(1),
    OUTSIDE(2),
    SELECT(2);

    private final int weight;

    Form(int weight) {
        this.weight = weight;
    }

    int weight() {
        return weight;
    }
}
