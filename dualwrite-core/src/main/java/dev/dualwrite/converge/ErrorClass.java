package dev.dualwrite.converge;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to do about an error that a server gave to converging, by vendor code and SQLState, never by text (design,
 * section 2.4).
 */
public enum ErrorClass {
    /** It will pass: back off and try again; the breaker counts it. */
    TRANSIENT,
    /** Another key has to go first: converge with it, then try again. */
    ORDERING,
    /** It will not pass by itself: park the unit. */
    PERMANENT,
    /** Not known: try a few times, then park the unit. */
    UNKNOWN;

    /** 1062 duplicate key, 1451 and 1452 foreign keys. */
    private static final Set<Integer> ORDERING_CODES = Set.of(1062, 1451, 1452, 1216, 1217);

    /** Rights that were taken or a password that changed (no unit is to blame), connections, locks, read-only, offline, full disks, shutting down, killed statements, limits of the server. */
    private static final Set<Integer> TRANSIENT_CODES = Set.of(
            1044, 1045, 1142, 1143, 1227, 1020, 1021, 1037, 1038, 1040, 1041, 1042, 1043, 1053, 1077, 1078, 1079, 1080,
            1114, 1129, 1135, 1158, 1159, 1160, 1161, 1180, 1184, 1203, 1205, 1206, 1213, 1226, 1290, 1317, 1614, 1637,
            1792, 1836, 1873, 1927, 1969, 2002, 2003, 2006, 2013, 3024, 3032, 3100, 3101, 3168, 3169, 3572, 4031);

    /** Values that the column, the table or the packet cannot take; tables that are not there. */
    private static final Set<Integer> PERMANENT_CODES = Set.of(
            1048, 1054, 1136, 1146, 1118, 1153, 1263, 1264, 1265, 1292, 1364, 1366, 1406, 1411, 1416, 1690, 3105, 3140,
            3819, 4025);

    /**
     * @param vendorCode the server's error number, 0 if the driver made the error itself
     * @param sqlState five characters, if there is one
     */
    public static ErrorClass of(int vendorCode, @Nullable String sqlState) {
        if (ORDERING_CODES.contains(vendorCode)) {
            return ORDERING;
        }
        if (TRANSIENT_CODES.contains(vendorCode)) {
            return TRANSIENT;
        }
        if (PERMANENT_CODES.contains(vendorCode)) {
            return PERMANENT;
        }
        if (sqlState == null) {
            return UNKNOWN;
        }
        if (sqlState.startsWith("08") || sqlState.startsWith("40") || sqlState.startsWith("53")) {
            return TRANSIENT;
        }
        if (sqlState.equals("S1T00")) {
            return TRANSIENT; // a driver's timeout; its other S1 say anything, from a closed statement to a large
            // packet
        }
        return sqlState.startsWith("22") ? PERMANENT : UNKNOWN;
    }
}
