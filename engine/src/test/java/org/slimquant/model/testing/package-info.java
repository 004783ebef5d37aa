/**
 * Random models for the tests of this module and of those that run or export models.
 *
 * <pre>{@code
 * RandomModel ─▶ RandomOps ─▶ RandomLayers ─▶ Weights     AnyWeights, or a test's own
 *     │              └──────────────┴─▶ RandomWindows, RandomFormats, RandomOutputs
 *     ▼
 *  Variety                                                the models that a test wants
 * }</pre>
 *
 * <p>There is one generator, and it makes everything that an integer model can have. A test whose
 * subject can do less refuses the ops that are too much for it, by {@link
 * org.slimquant.model.testing.Variety#accepting}. So nothing is left out by mistake.
 */
@NullMarked
package org.slimquant.model.testing;

import org.jspecify.annotations.NullMarked;
