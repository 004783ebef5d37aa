/**
 * The quantization plan: which tensors of a graph are quantized, in which format and why; its file
 * and its diff.
 *
 * <pre>{@code
 * QuantizationPlan ─▶ PlanWriter, PlanReader ─▶ SiteReader     the file
 *        │         ─▶ PlanDiff, PlanFingerprint                what changed
 *        ▼
 *      Site: SiteName, Format, Source, TensorStatistics, Origin
 * }</pre>
 *
 * <ul>
 *   <li><b>The file is for people first.</b> It is protobuf's text format, a line for each value.
 *       Order and digits depend on the plan alone, so that a review shows what changed. It has no
 *       checksum, because it may be edited; its last line shows that nothing was cut off. Every
 *       value is present: an absent one is never read as 0.
 *   <li><b>Any protobuf-java from 3.25 on.</b> An application has one for all its libraries. Code
 *       of protoc 3.25 that is compiled against 3.25 runs with all versions but 4.26 and 4.27, with
 *       which TensorFlow Java does not run either. Code of a newer protoc runs with no older
 *       version. This library depends on the newest, because it runs what any protoc has written. A
 *       version that does not fit is an error before any work is done.
 *   <li><b>A site is recognized by the kernel's variable, op types and shapes,</b> because its
 *       number depends on the calls before it. {@link org.slimquant.plan.OriginMatcher} decides
 *       whether two tensors are the same. Names of ops do not count: dropout or another op before
 *       them changes them. If nothing is known of a tensor, every plan is accepted for it.
 * </ul>
 */
@NullMarked
package org.slimquant.plan;

import org.jspecify.annotations.NullMarked;
