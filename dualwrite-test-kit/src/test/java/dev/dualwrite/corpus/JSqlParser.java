package dev.dualwrite.corpus;

import java.util.Set;
import java.util.stream.Collectors;
import net.sf.jsqlparser.expression.JdbcParameter;
import net.sf.jsqlparser.parser.CCJSqlParser;
import net.sf.jsqlparser.parser.CCJSqlParserUtil;
import net.sf.jsqlparser.statement.Statement;
import net.sf.jsqlparser.statement.delete.Delete;
import net.sf.jsqlparser.statement.insert.Insert;
import net.sf.jsqlparser.statement.update.Update;
import net.sf.jsqlparser.statement.upsert.Upsert;
import net.sf.jsqlparser.util.TablesNamesFinder;
import net.sf.jsqlparser.util.deparser.ExpressionDeParser;
import net.sf.jsqlparser.util.deparser.SelectDeParser;
import net.sf.jsqlparser.util.deparser.StatementDeParser;

/** JSqlParser. */
final class JSqlParser implements Parser {
    private static final class Counting extends ExpressionDeParser {
        private int parameters;

        @Override
        public <S> StringBuilder visit(JdbcParameter parameter, S context) {
            parameters++;
            return super.visit(parameter, context);
        }
    }

    @Override
    public Take read(String sql) throws NotParsedException {
        try {
            CCJSqlParser parser = CCJSqlParserUtil.newParser(sql).withBackslashEscapeCharacter(true);
            Statement statement = parser.Statement();
            Counting counting = new Counting();
            StringBuilder text = new StringBuilder();
            statement.accept(new StatementDeParser(counting, new SelectDeParser(counting, text), text));
            return new Take(
                    counting.parameters,
                    verbs(statement),
                    new TablesNamesFinder<Void>()
                            .getTables(statement).stream().map(Takes::bare).collect(Collectors.toSet()));
        } catch (Exception | Error e) {
            throw new NotParsedException(e);
        }
    }

    private static Set<String> verbs(Statement statement) {
        if (statement instanceof Upsert) {
            return Set.of("INSERT", "DELETE");
        }
        if (statement instanceof Insert insert) {
            return insert.getDuplicateUpdateSets() == null ? Set.of("INSERT") : Set.of("INSERT", "UPDATE");
        }
        if (statement instanceof Update) {
            return Set.of("UPDATE");
        }
        return statement instanceof Delete ? Set.of("DELETE") : Set.of();
    }
}
