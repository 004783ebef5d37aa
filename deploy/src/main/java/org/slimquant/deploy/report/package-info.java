/**
 * Reports of a quantization for people: an HTML page, and event files for TensorBoard.
 *
 * <pre>{@code
 * QuantizationReport ─▶ Content ─▶ Page ─▶ a section each ─▶ Element, Text ─▶ HTML
 *                                            ├─▶ NetworkDrawing ◀─ Layers
 *                                            └─▶ DistributionChart ◀─ OctaveBars
 * TensorBoardSummaries ─▶ EventFile
 * }</pre>
 *
 * <p>Design decisions:
 *
 * <ul>
 *   <li><b>One file, no script.</b> The page must still be readable in ten years, from an archive
 *       or a mail. Drawings are SVG in the page. Colours follow the reader's choice of light or
 *       dark.
 *   <li><b>The same content gives the same bytes.</b> There is no date, so a report can be kept
 *       beside the plan, and its changes can be reviewed.
 *   <li><b>A page is a tree, not text.</b> Names of a user's model come in as {@code HtmlText} or
 *       as attribute values, and both escape themselves, so no escape can be forgotten. Libraries
 *       for this (j2html) know no SVG, and the rest of them is the hundred lines here.
 *   <li><b>The style sheet contains none of {@code < > & " '}</b>, because a browser does not undo
 *       escapes in a style element.
 *   <li><b>Distributions are drawn over octaves.</b> Steps and bounds are powers of two, so an
 *       octave on that axis is a bit of the code. An empty octave below the bound is a bit that no
 *       element uses. Heights are logarithmic too, because clipped elements are rare.
 *   <li><b>Channels are drawn in their own steps,</b> because each has its own grid.
 *   <li><b>Any part may be missing.</b> A section without content is left out.
 *   <li><b>TensorBoard's files are written here,</b> from TensorFlow's protos. TensorFlow's summary
 *       ops would need natives, and the tensors again, of which calibration has kept only counts.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.report;

import org.jspecify.annotations.NullMarked;
