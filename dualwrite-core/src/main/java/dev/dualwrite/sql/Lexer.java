package dev.dualwrite.sql;

/**
 * Cuts a text into tokens as the server does. One pass; every character is looked at a bounded number of times. Where the
 * server, its versions or the driver may see another token, the text is marked with {@link Tokens#trouble}.
 */
final class Lexer {

    private final String sql;
    private final int length;
    private final SqlDialect dialect;
    private final Tokens tokens;
    private int at;
    /** The executable comment that is open, 0 for none. */
    private int comment;

    private int comments;

    private Lexer(String sql, SqlDialect dialect) {
        this.sql = sql;
        this.length = sql.length();
        this.dialect = dialect;
        this.tokens = new Tokens(sql);
    }

    static Tokens lex(String sql, SqlDialect dialect) {
        Lexer lexer = new Lexer(sql, dialect);
        while (lexer.at < lexer.length) {
            lexer.next();
        }
        if (lexer.comment != 0) {
            lexer.tokens.trouble("an executable comment does not end");
        }
        lexer.tokens.pair();
        return lexer.tokens;
    }

    private void next() {
        char c = sql.charAt(at);
        if (isSpace(c)) {
            at++;
        } else if (isDigit(c)) {
            number();
        } else if (isNameChar(c)) {
            word();
        } else {
            switch (c) {
                case '\'' -> quoted(at, '\'', TokenType.STRING, !dialect.noBackslashEscapes());
                case '`' -> quoted(at, '`', TokenType.QUOTED, false);
                case '"' -> {
                    if (dialect.ansiQuotes()) {
                        quoted(at, '"', TokenType.QUOTED, false);
                    } else {
                        quoted(at, '"', TokenType.DOUBLE_STRING, !dialect.noBackslashEscapes());
                    }
                }
                case '?' -> parameter();
                case '#' -> lineComment();
                case '@' -> variable();
                case '/' -> slash();
                case '-' -> minus();
                case '.' -> dot();
                case '*' -> star();
                case '<', '>', '=', '!' -> comparison();
                case '&' -> symbol(peek(1) == '&' ? 2 : 1);
                case '|' -> symbol(peek(1) == '|' ? 2 : 1);
                case ':' -> symbol(peek(1) == '=' ? 2 : 1);
                default -> other(c);
            }
        }
    }

    private void other(char c) {
        if (c < ' ' || c == 0x7f) {
            tokens.trouble("a control character");
        }
        symbol(1);
    }

    private void symbol(int chars) {
        tokens.add(TokenType.SYMBOL, Keyword.NONE, at, at + chars, comment);
        at += chars;
    }

    private void parameter() {
        if (comment != 0) {
            tokens.trouble("a parameter in an executable comment");
        }
        tokens.add(TokenType.PARAM, Keyword.NONE, at, at + 1, comment);
        at++;
    }

    private void word() {
        int start = at;
        skipName();
        int last = tokens.size() - 1;
        boolean qualified = tokens.is(last, '.') || (peek(0) == '.' && isNameChar(peek(1)));
        tokens.add(TokenType.WORD, qualified ? Keyword.NONE : Keyword.of(sql, start, at), start, at, comment);
    }

    private void skipName() {
        while (at < length && isNameChar(sql.charAt(at))) {
            if (Character.isSurrogate(sql.charAt(at))) {
                tokens.trouble("a name with a character outside the basic plane");
            }
            at++;
        }
    }

    /** A dot; directly after an unquoted name, what follows directly is a name even if it begins with a digit. */
    private void dot() {
        int last = tokens.size() - 1;
        boolean afterName = tokens.type(last) == TokenType.WORD && tokens.end(last) == at;
        if (!afterName && isDigit(peek(1))) {
            int start = at;
            at++;
            skipDigits();
            fraction(start);
            return;
        }
        symbol(1);
        if (afterName && at < length && isNameChar(sql.charAt(at))) {
            word();
        }
    }

    private void number() {
        int start = at;
        char first = sql.charAt(at);
        if (first == '0' && (peek(1) == 'x' || peek(1) == 'b')) {
            int digits = at + 2;
            boolean hex = peek(1) == 'x';
            int end = digits;
            while (end < length && (hex ? isHexDigit(sql.charAt(end)) : isBit(sql.charAt(end)))) {
                end++;
            }
            if (end > digits && (end == length || !isNameChar(sql.charAt(end)))) {
                at = end;
                tokens.add(hex ? TokenType.HEX : TokenType.FLOAT, Keyword.NONE, start, at, comment);
                return;
            }
        }
        skipDigits();
        char c = peek(0);
        if (c == 'e' || c == 'E') {
            int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
            if (isDigit(peek(1 + sign))) {
                at += 1 + sign;
                skipDigits();
                tokens.add(TokenType.FLOAT, Keyword.NONE, start, at, comment);
                return;
            }
        }
        if (isNameChar(c)) {
            skipName();
            tokens.add(TokenType.WORD, Keyword.NONE, start, at, comment);
            return;
        }
        if (c == '.') {
            at++;
            skipDigits();
            fraction(start);
            return;
        }
        tokens.add(TokenType.INTEGER, Keyword.NONE, start, at, comment);
    }

    /** The digits after the dot are read. */
    private void fraction(int start) {
        char c = peek(0);
        if (c == 'e' || c == 'E') {
            int sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
            if (isDigit(peek(1 + sign))) {
                at += 1 + sign;
                skipDigits();
                tokens.add(TokenType.FLOAT, Keyword.NONE, start, at, comment);
                return;
            }
            tokens.trouble("a number with half an exponent");
        }
        tokens.add(TokenType.DECIMAL, Keyword.NONE, start, at, comment);
    }

    private void skipDigits() {
        while (at < length && isDigit(sql.charAt(at))) {
            at++;
        }
    }

    private void quoted(int start, char quote, TokenType type, boolean backslashes) {
        at++;
        while (at < length) {
            char c = sql.charAt(at);
            if (c == '\\' && backslashes) {
                at += 2;
            } else if (c != quote) {
                if (type == TokenType.QUOTED && Character.isSurrogate(c)) {
                    tokens.trouble("a name with a character outside the basic plane");
                }
                at++;
            } else if (peek(1) == quote) {
                at += 2;
            } else {
                at++;
                tokens.add(type, Keyword.NONE, start, at, comment);
                return;
            }
        }
        at = length;
        tokens.trouble("a quote does not end");
    }

    /** {@code @name}, {@code @'name'} or {@code @@name}. */
    private void variable() {
        int start = at;
        at++;
        TokenType type = TokenType.USER_VARIABLE;
        if (peek(0) == '@') {
            at++;
            type = TokenType.SYSTEM_VARIABLE;
        }
        char quote = peek(0);
        if (quote == '`' || (type == TokenType.USER_VARIABLE && (quote == '\'' || quote == '"'))) {
            boolean backslashes = quote != '`' && !dialect.noBackslashEscapes();
            if (quote == '"' && dialect.ansiQuotes()) {
                backslashes = false;
            }
            quoted(start, quote, type, backslashes);
            return;
        }
        while (at < length && (isNameChar(sql.charAt(at)) || sql.charAt(at) == '.')) {
            at++;
        }
        tokens.add(type, Keyword.NONE, start, at, comment);
    }

    private void minus() {
        if (peek(1) == '-') {
            char after = peek(2);
            boolean ends = at + 2 >= length || isSpace(after);
            boolean control = after < ' ' || after == 0x7f;
            if (ends || control) {
                if (!ends) {
                    tokens.trouble("-- and a control character, which a driver may not take for a comment");
                }
                lineComment();
                return;
            }
            if (after == ';') {
                tokens.trouble("--; which a driver may take for a comment");
            }
        }
        if (peek(1) == '>') {
            symbol(peek(2) == '>' ? 3 : 2);
        } else {
            symbol(1);
        }
    }

    private void lineComment() {
        while (at < length && sql.charAt(at) != '\n') {
            char c = sql.charAt(at);
            if (c == '\0' || (c == '\r' && peek(1) != '\n')) {
                tokens.trouble("a line comment that may end early");
            }
            if (c == '*' && peek(1) == '/' && comment != 0) {
                tokens.trouble("a line comment in an executable comment");
            }
            at++;
        }
    }

    private void star() {
        if (peek(1) == '/') {
            if (comment != 0) {
                comment = 0;
                at += 2;
                return;
            }
            if (peek(2) != '*') { // a product and then a comment: 2*/* x */3
                tokens.trouble("the end of a comment that was not open");
            }
        }
        symbol(1);
    }

    private void slash() {
        if (peek(1) != '*') {
            symbol(1);
        } else if (peek(2) == '!') {
            executable(at + 3, false);
        } else if (peek(2) == 'M' && peek(3) == '!') {
            executable(at + 4, true);
        } else {
            blockComment(peek(2) == '+');
        }
    }

    private void blockComment(boolean hint) {
        int start = at;
        int end = sql.indexOf("*/", at + 2);
        if (end < 0) {
            tokens.trouble("a comment does not end");
            at = length;
            return;
        }
        if (hint) {
            hint(start + 3, end);
        } else if (nested(start + 2, end)) {
            tokens.trouble("a comment in a comment");
        }
        if (contains(start, end, '\0')) {
            tokens.trouble("a control character");
        }
        at = end + 2;
    }

    private boolean nested(int from, int end) {
        for (int i = from; i + 1 < end; i++) {
            if (sql.charAt(i) == '/' && sql.charAt(i + 1) == '*') {
                return true;
            }
        }
        return false;
    }

    private boolean contains(int from, int end, char wanted) {
        for (int i = from; i < end; i++) {
            if (sql.charAt(i) == wanted) {
                return true;
            }
        }
        return false;
    }

    /** An optimizer hint is read as a comment, but it has quotes of its own. */
    private void hint(int from, int end) {
        char open = '\0';
        for (int i = from; i < end; i++) {
            char c = sql.charAt(i);
            if (open != '\0') {
                open = c == open ? '\0' : open;
            } else if (c == '`' || c == '"' || c == '\'') {
                open = c;
            } else if ((c == 's' || c == 'S') && sql.regionMatches(true, i, "set_var", 0, 7)) {
                tokens.setVarHint();
            }
        }
        if (open != '\0') {
            tokens.trouble("a quote in a hint");
        }
    }

    private void executable(int from, boolean mariadbOnly) {
        int digits = from;
        int number = 0;
        while (digits < length && isDigit(sql.charAt(digits)) && digits - from < 7) {
            number = number * 10 + (sql.charAt(digits) - '0');
            digits++;
        }
        int count = digits - from;
        tokens.executableComment();
        if (comment != 0) {
            tokens.trouble("an executable comment in another");
        }
        boolean exact = count == 5 || (count == 6 && dialect.server() == SqlDialect.Server.MARIADB);
        if (count != 0 && !exact) {
            tokens.trouble("an executable comment with an unusual version");
        } else if (!dialect.executes(count == 0 ? 0 : number, mariadbOnly)) {
            tokens.trouble("an executable comment that the server skips");
        }
        comments++;
        comment = comments;
        at = digits;
    }

    /** The lexers of the servers take two adjacent comparison characters together, even if they mean nothing. */
    private void comparison() {
        int end = at;
        while (end < length && end - at < 4 && "<>=!".indexOf(sql.charAt(end)) >= 0) {
            end++;
        }
        String operator = sql.substring(at, end);
        switch (operator) {
            case "<", ">", "=", "!", "<=", ">=", "<>", "!=", "<=>", "<<", ">>" -> symbol(operator.length());
            default -> {
                tokens.trouble("an unknown operator");
                symbol(1);
            }
        }
    }

    private char peek(int ahead) {
        return at + ahead < length ? sql.charAt(at + ahead) : '\0';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isBit(char c) {
        return c == '0' || c == '1';
    }

    private static boolean isHexDigit(char c) {
        return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    }

    private static boolean isNameChar(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || isDigit(c) || c == '_' || c == '$' || c >= 0x80;
    }
}
