package dev.dualwrite.coverage.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueTest {
    private static final String TEXT = """
            // a comment
            total = 9
            issue 5 = the boundary
            issue later = the rest

            group A = First
            1 = One.
            2 = Two.
              open 5: a half
            group B = Second
            3 = Three.
              not applicable: no reason
            4 = Four.
              open later: all of it
            """;

    private static SortedMap<Integer, SortedSet<TestName>> tests(int... numbers) {
        SortedMap<Integer, SortedSet<TestName>> tests = new TreeMap<>();
        for (int number : numbers) {
            tests.put(number, new TreeSet<>());
            tests.get(number).add(new TestName("SomeTest", "number" + number));
        }
        return tests;
    }

    @Test
    void rowsStandInGroupsWithWhatIsLeftOfThem() {
        Catalogue catalogue = Catalogue.parse(TEXT);
        assertThat(catalogue.total()).isEqualTo(9);
        assertThat(catalogue.groups()).extracting(Catalogue.Group::key).containsExactly("A", "B");
        assertThat(catalogue.rows())
                .containsExactly(
                        new Row(1, "One.", new Row.Nothing()),
                        new Row(2, "Two.", new Row.Open("5", "a half")),
                        new Row(3, "Three.", new Row.NotApplicable("no reason")),
                        new Row(4, "Four.", new Row.Open("later", "all of it")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 = Before any group.",
                "  open 5: of nothing",
                "group C = Third\n  open 5: of no row",
                "group C = Third\n8 = Eight.\n  open 6: an issue that is not there",
                "group C = Third\n8 = Eight.\n  open 5: once\n  open 5: and again",
                "group C = Third\n8 = Eight.\n8 = Eight.",
                "issue 5 = twice",
                "group C = Third\n8 - Eight.",
            })
    void aLineThatSaysNothingIsRefused(String wrong) {
        assertThatThrownBy(() -> Catalogue.parse("issue 5 = five\n" + wrong))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRowNeedsATestOrAnIssueAndATestARow() {
        Catalogue catalogue = Catalogue.parse(TEXT);
        assertThat(Coverage.problems("scenario", catalogue, tests(1, 2))).isEmpty();
        assertThat(Coverage.problems("scenario", catalogue, tests(2, 3, 7)))
                .containsExactly(
                        "scenario 1 has neither a test nor an issue",
                        "scenario 3 is not applicable and has a test",
                        "scenario 7 is named by [SomeTest#number7] and does not stand in the list of scenarios");
    }

    @Test
    void theDocumentTellsWhatIsProvedWholeInPartAndNotAtAll() {
        Catalogue catalogue = Catalogue.parse(TEXT);
        String text = new Document(catalogue, tests(1, 2), catalogue, tests(1)).text();
        assertThat(text)
                .contains(
                        "| proved | 1 | 1 |",
                        "| proved in part; the rest: issue 5 (the boundary) | 1 | 2 |",
                        "| open: later (the rest) | 1 | 4 |",
                        "| not applicable | 1 | 3 |",
                        "| 1 | One. | `SomeTest#number1` |",
                        "| 2 | Two. | `SomeTest#number2`<br>open: issue 5 (the boundary): a half |",
                        "| R4 | Four. | open: later (the rest): all of it |",
                        "Of 9 requirements 1 are named by a test. The other 8 are not, 3 of which are listed here as open.");
    }
}
