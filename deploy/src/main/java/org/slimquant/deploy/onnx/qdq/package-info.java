/**
 * Models as float ops between quantizers.
 *
 * <pre>{@code
 * QdqForm ─▶ QdqLayers ─▶ DequantizedWeights        layers with weights
 *       ├─▶ Quantizers                              QuantizeLinear, DequantizeLinear, clamps
 *       └─▶ QdqSums, SymmetricInt8                  the models that are refused
 * }</pre>
 */
@NullMarked
package org.slimquant.deploy.onnx.qdq;

import org.jspecify.annotations.NullMarked;
