/**
 * Batch normalizations, folded into the kernel and the bias of the layer that computes their input
 * (B. Jacob et al., "Quantization and Training of Neural Networks for Efficient
 * Integer-Arithmetic-Only Inference", 2018; R. Krishnamoorthi, "Quantizing deep convolutional
 * networks for efficient inference: A whitepaper", 2018, section 3.2.1).
 *
 * <pre>{@code
 * Normalizations ─▶ NormalizationChain ─▶ ChainOp     which ops scale and shift the sums
 *                └▶ ChannelAffine                     their product: one scale and one shift
 *                └▶ InferenceFolding                  known statistics: the chain vanishes
 *                └▶ TrainingFolding                   statistics of the batch, until they are frozen
 *                       └▶ MovingStatistics
 * }</pre>
 *
 * <ul>
 *   <li><b>The graph is folded before it is quantized.</b> Folding changes no value except by
 *       float32's rounding. So the finders of kernels, biases and activations see a layer without a
 *       normalization, and no other class knows about it.
 *   <li><b>A chain is any sequence of sums and products with vectors along the channels.</b> So the
 *       fused op, its spellings in several ops, and a product and a sum after a depthwise
 *       convolution are one case.
 *   <li><b>One convolution in training, too.</b> The kernel is multiplied with the scale by the
 *       running statistics, rounded, and divided by the scale again. The batch normalization of the
 *       model then normalizes the sums by the statistics of the batch. So the step of the kernel
 *       does not depend on the batch, and no correction of each element is necessary.
 *   <li><b>The switch that freezes statistics divides the batch,</b> in all examples and none:
 *       TensorFlow's C++ library has no gradient for a Switch. An empty part costs nothing.
 *   <li><b>The switch is fed and no variable,</b> so that checkpoints fit the float model and the
 *       quantized model.
 * </ul>
 */
@NullMarked
package org.slimquant.runtime.normalization;

import org.jspecify.annotations.NullMarked;
