/**
 * Models as integer ops, rounded half up.
 *
 * <pre>{@code
 * OperatorForm ─▶ HalfUpQuantizer                             the input's codes
 *       ├─▶ LayerForm ─▶ ColumnBlocks                         layers as convolutions
 *       ├─▶ GridForm, AddForm, AverageForm                    other grids, sums of tensors, means
 *       │       └─▶ ConvolutionOps ─▶ HalfUpRounding          the trick for ties
 *       ├─▶ MoveForm                                          MaxPool, Pad, Reshape
 *       └─▶ Uint8Tensor, Sums                                 the bounds of elements and sums
 * }</pre>
 */
@NullMarked
package org.slimquant.deploy.onnx.operators;

import org.jspecify.annotations.NullMarked;
