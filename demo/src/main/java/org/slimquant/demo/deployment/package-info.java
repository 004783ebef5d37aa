/**
 * Deployment: a trained model becomes integers, and each form of them is tried.
 *
 * <ul>
 *   <li>{@link org.slimquant.demo.deployment.Deployment} has the list of the forms. Each is a step
 *       that writes its files and returns its checks. A check compares the form with TensorFlow's
 *       results for all test images.
 *   <li>{@code CodeCheck} tries the engine, {@code CTrial} the exported C, {@code OnnxTrial} the
 *       exported ONNX.
 *   <li>The figures are in {@link org.slimquant.demo.measures.Integers}.
 * </ul>
 */
@NullMarked
package org.slimquant.demo.deployment;

import org.jspecify.annotations.NullMarked;
