/**
 * The classes that all benchmarks share: from JMH's counters to a report.
 *
 * <ul>
 *   <li>{@code Alternation}: measures variants in turns, so that a disturbance of the machine
 *       affects all of them.
 *   <li>{@code Samples}: the counters of a run; {@code Quartiles}: their median and spread.
 *   <li>{@code Figure}: a line of the report; {@code Overview}: a table of figures; {@code
 *       BenchmarkReport}: the report as text and as JSON.
 *   <li>{@code ProgressFormat}: the output while a benchmark runs.
 *   <li>{@code FixedThreads}: a session's options with a fixed number of threads.
 * </ul>
 */
@NullMarked
package org.slimquant.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
