package dev.dualwrite.corpus;

import com.alibaba.druid.DbType;
import com.alibaba.druid.sql.SQLUtils;
import com.alibaba.druid.sql.ast.SQLStatement;
import com.alibaba.druid.sql.ast.expr.SQLVariantRefExpr;
import com.alibaba.druid.sql.ast.statement.SQLDeleteStatement;
import com.alibaba.druid.sql.ast.statement.SQLInsertStatement;
import com.alibaba.druid.sql.ast.statement.SQLReplaceStatement;
import com.alibaba.druid.sql.ast.statement.SQLUpdateStatement;
import com.alibaba.druid.sql.dialect.mysql.ast.statement.MySqlInsertStatement;
import com.alibaba.druid.sql.dialect.mysql.visitor.MySqlASTVisitorAdapter;
import com.alibaba.druid.sql.dialect.mysql.visitor.MySqlSchemaStatVisitor;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Alibaba's Druid. */
final class DruidParser implements Parser {
    private static final class Counting extends MySqlASTVisitorAdapter {
        private int parameters;

        @Override
        public boolean visit(SQLVariantRefExpr x) {
            if (x.getName().equals("?")) {
                parameters++;
            }
            return true;
        }
    }

    @Override
    public Take read(String sql) throws NotParsedException {
        try {
            List<SQLStatement> statements = SQLUtils.parseStatements(sql, DbType.mysql);
            if (statements.size() != 1) {
                throw new IllegalArgumentException(statements.size() + " statements");
            }
            SQLStatement statement = statements.get(0);
            Counting counting = new Counting();
            statement.accept(counting);
            MySqlSchemaStatVisitor tables = new MySqlSchemaStatVisitor();
            statement.accept(tables);
            return new Take(
                    counting.parameters,
                    verbs(statement),
                    tables.getTables().keySet().stream()
                            .map(name -> Takes.bare(name.getName()))
                            .collect(Collectors.toSet()));
        } catch (RuntimeException e) {
            throw new NotParsedException(e);
        }
    }

    private static Set<String> verbs(SQLStatement statement) {
        if (statement instanceof SQLReplaceStatement) {
            return Set.of("INSERT", "DELETE");
        }
        if (statement instanceof MySqlInsertStatement insert) {
            return insert.getDuplicateKeyUpdate().isEmpty() ? Set.of("INSERT") : Set.of("INSERT", "UPDATE");
        }
        if (statement instanceof SQLInsertStatement) {
            return Set.of("INSERT");
        }
        if (statement instanceof SQLUpdateStatement) {
            return Set.of("UPDATE");
        }
        return statement instanceof SQLDeleteStatement ? Set.of("DELETE") : Set.of();
    }
}
