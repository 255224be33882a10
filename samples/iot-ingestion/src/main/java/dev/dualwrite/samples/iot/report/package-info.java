/** The HTML report. Entry type: {@link dev.dualwrite.samples.iot.report.HtmlReport}. */
@NullMarked
package dev.dualwrite.samples.iot.report;

import org.jspecify.annotations.NullMarked;
