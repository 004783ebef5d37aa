/**
 * The rules. A validator reports what breaks a rule and continues, so that one run shows every
 * error; it throws nothing.
 *
 * <ul>
 *   <li>{@link org.slimquant.processor.validation.ModelValidator}: classes with layers.
 *   <li>{@link org.slimquant.processor.validation.LayerValidator}: layer methods and their inputs.
 *   <li>{@link org.slimquant.processor.validation.NameValidator}: names of layers and inputs.
 *   <li>{@link org.slimquant.processor.validation.DefaultsValidator}: annotations of classes.
 *   <li>{@link org.slimquant.processor.validation.FormatValidator}: bits and exponents.
 *   <li>{@link org.slimquant.processor.validation.StrayInputs}: annotated parameters of other
 *       methods.
 *   <li>{@link org.slimquant.processor.validation.LocalModels}: annotations in method bodies.
 * </ul>
 *
 * <p>A plan is checked where it is read, by {@code PlanBaker}.
 */
@NullMarked
package org.slimquant.processor.validation;

import org.jspecify.annotations.NullMarked;
