/**
 * The ops at a site: a fake quant or an observer, planned before anything changes.
 *
 * <pre>{@code
 * SiteRequest ─▶ QuantizedTensors ─▶ PlannedSite ─▶ SiteInstrumentation ─▶ FakeQuants, or observers
 *                                                         │
 *                                                  PlannedFormats     formats from annotation or plan
 * Biases, LayerSums                                   biases on the grids of their accumulators
 * }</pre>
 *
 * <ul>
 *   <li><b>Checks come before changes.</b> A {@link org.slimquant.runtime.site.PlannedSite} is
 *       checked and named: adding it cannot fail. A layer that breaks a rule stays in the graph as
 *       the model built it, unquantized.
 *   <li><b>A bias is rounded to the accumulator it is added to.</b> An integer machine adds {@code
 *       b = floor(bias / 2^(d_input + d_kernel) + 1/2)}, for each channel if the kernel has several
 *       exponents. So the graph adds {@code b * 2^(d_input + d_kernel)}. This is the one exception
 *       to one format for each tensor: layers that share a bias may have different accumulators,
 *       and then each has a fake quant of its own.
 *   <li><b>A format that a plan gave at compile time is not the annotation's.</b> It is marked as
 *       the plan's, with the plan's fingerprint: calibration finds it anew, and a plan with another
 *       format is an error, because one of the two is out of date.
 *   <li><b>A site that a layer asks for and does not get is remarked,</b> because its tensor has
 *       another layer's site or because there is no kernel. A person who looks for it in the plan
 *       finds the reason.
 *   <li><b>A remark on a site is copied with the site,</b> from calibration into the plan's file,
 *       and into the plan of a graph that is built with it, as long as the site's format is the
 *       same.
 * </ul>
 */
@NullMarked
package org.slimquant.runtime.site;

import org.jspecify.annotations.NullMarked;
