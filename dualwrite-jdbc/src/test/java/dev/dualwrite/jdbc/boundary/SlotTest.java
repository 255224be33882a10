package dev.dualwrite.jdbc.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.JDBCType;
import java.sql.Types;
import org.junit.jupiter.api.Test;

class SlotTest {

    @Test
    void whatTheDriverSendsAsItIsIsKnown() {
        assertThat(Slot.raw(7)).isEqualTo(7L);
        assertThat(Slot.raw((short) 7)).isEqualTo(7L);
        assertThat(Slot.raw("a")).isEqualTo("a");
        assertThat(Slot.raw(BigInteger.TEN)).isEqualTo(BigInteger.TEN);
        assertThat(Slot.raw(null)).isSameAs(Slot.NULL);
    }

    @Test
    void whatTheServerConvertsIsNotKnown() {
        assertThat(Slot.raw(1.5)).isSameAs(Slot.FLOATING);
        assertThat(Slot.raw(5, Types.DOUBLE)).isSameAs(Slot.FLOATING);
        assertThat(Slot.raw(1.5f, Types.VARCHAR)).isSameAs(Slot.FLOATING);
        assertThat(Slot.raw(true)).isSameAs(Slot.UNKNOWN);
        assertThat(Slot.raw(new Date(0))).isSameAs(Slot.UNKNOWN);
    }

    @Test
    void aTypeThatSaysSomethingElseThanTheValueMakesItUnknown() {
        assertThat(Slot.raw("5", Types.INTEGER)).isSameAs(Slot.UNKNOWN);
        assertThat(Slot.raw(5, Types.VARCHAR)).isSameAs(Slot.UNKNOWN);
        assertThat(Slot.raw(5, JDBCType.BIGINT)).isEqualTo(5L);
        assertThat(Slot.raw(null, Types.BIGINT)).isSameAs(Slot.NULL);
    }

    @Test
    void aStreamIsReadOnlyOnce() {
        assertThat(Slot.raw(new StringReader("a"))).isSameAs(Slot.STREAM);
        assertThat(Slot.raw(new ByteArrayInputStream(new byte[0]), Types.BINARY))
                .isSameAs(Slot.STREAM);
    }
}
