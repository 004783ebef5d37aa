/**
 * The records for a model that keeps every rule. The readers create them, the writers read them.
 *
 * <ul>
 *   <li>{@link org.slimquant.processor.model.QuantizedModel} is a model and the class to write.
 *   <li>{@link org.slimquant.processor.model.LayerMethod} is a layer method with its {@link
 *       org.slimquant.processor.model.LayerFormats}, which returns a {@link
 *       org.slimquant.processor.model.LayerResult}.
 *   <li>{@link org.slimquant.processor.model.Signature} and {@link
 *       org.slimquant.processor.model.Parameter} are the parts that an override or a constructor
 *       repeats.
 * </ul>
 */
@NullMarked
package org.slimquant.processor.model;

import org.jspecify.annotations.NullMarked;
