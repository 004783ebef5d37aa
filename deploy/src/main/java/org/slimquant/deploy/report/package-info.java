/**
 * What quantization did, for people: a page to look at and event files for TensorBoard.
 *
 * <pre>{@code
 * QuantizationReport ─▶ Content ─▶ Page ─▶ a section each ─▶ Element, Text ─▶ HTML
 *                                            ├─▶ NetworkDrawing ◀─ Layers
 *                                            └─▶ DistributionChart ◀─ OctaveBars
 * TensorBoardSummaries ─▶ EventFile
 * }</pre>
 *
 * <p>What was decided, and why:
 *
 * <ul>
 *   <li><b>One file, no script.</b> It is to be read in ten years, from an archive or a mail.
 *       Drawings are SVG in the page, colours follow the reader's choice of light or dark.
 *   <li><b>The same content gives the same bytes.</b> There is no date, so that a report can be
 *       kept beside the plan and its changes reviewed.
 *   <li><b>A page is a tree, not text.</b> Names of a user's model come in as {@link
 *       org.slimquant.deploy.report.html.HtmlText} or as attribute values, and both escape
 *       themselves; so nothing can be forgotten. Libraries for this (j2html) know no SVG, and what
 *       is left of them is the hundred lines here.
 *   <li><b>The style sheet has none of {@code < > & " '}</b>, because a style element is the one
 *       place where an escape is not undone.
 *   <li><b>Distributions are drawn over octaves.</b> Steps and bounds are powers of two, so on that
 *       axis an octave is a bit of the code: an empty one below the bound is a bit that nothing
 *       uses. Heights are logarithmic too, because what is clipped is rare.
 *   <li><b>Channels are drawn in their own steps,</b> since each has its own grid.
 *   <li><b>Anything may be missing.</b> A section without content is not there.
 *   <li><b>TensorBoard's files are written here,</b> from TensorFlow's protos. TensorFlow's summary
 *       ops would need the tensors again, where calibration has kept counts only, and natives.
 * </ul>
 */
@NullMarked
package org.slimquant.deploy.report;

import org.jspecify.annotations.NullMarked;
