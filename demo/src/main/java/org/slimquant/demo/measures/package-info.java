/**
 * Measures and checks of a quantized model.
 *
 * <ul>
 *   <li>{@code Outcome}: the result of a run, with its {@code Check}s.
 *   <li>{@code Summary}: the figures of a run; {@code Integers}: those of the integer model; {@code
 *       Series}: the figures of several runs.
 *   <li>{@code PlanMeasure} and {@code SiteMeasure}: the check that each quantized tensor consists
 *       of integers times a step, which {@code StepGrid} decides.
 *   <li>{@code SummaryTable} and {@code JsonFile}: figures as text and as JSON.
 * </ul>
 */
@NullMarked
package org.slimquant.demo.measures;

import org.jspecify.annotations.NullMarked;
