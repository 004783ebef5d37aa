/**
 * Random models for the tests of this module, and of the modules that run or export models.
 *
 * <pre>{@code
 * RandomModel ─▶ RandomOps ─▶ RandomLayers ─▶ Weights     AnyWeights, or a test's own
 *     │              └──────────────┴─▶ RandomWindows, RandomFormats, RandomOutputs
 *     ▼
 *  Variety                                                the models that a test needs
 * }</pre>
 *
 * <p>There is one generator, and it makes everything that an integer model can have. If the subject
 * of a test supports less, the test refuses the other ops with {@link
 * org.slimquant.model.testing.Variety#accepting}. So no op is left out by mistake.
 */
@NullMarked
package org.slimquant.model.testing;

import org.jspecify.annotations.NullMarked;
