package org.slimquant.runtime.normalization;

import java.util.List;
import java.util.Optional;
import org.slimquant.runtime.graph.Edge;
import org.slimquant.runtime.graph.NativeGraph;
import org.slimquant.runtime.layer.LayerCall;
import org.tensorflow.Output;

/**
 * Folds a chain whose scale and shift are weights.
 *
 * <pre>{@code
 * kernel ─▶ Conv2D ─▶ BiasAdd b ─▶ FusedBatchNormV3 ─▶ Relu                        before
 *
 * kernel · scale ─▶ Conv2D ─▶ BiasAdd shift ─▶ Relu                                after
 * }</pre>
 *
 * <p>The ops of the chain stay in the graph; no op reads their results.
 */
final class InferenceFolding {

  private InferenceFolding() {}

  static FoldedLayer fold(LayerCall call, NormalizationChain chain, List<Output<?>> outputs) {
    Edge kernel = chain.kernel();
    FoldOps ops = new FoldOps(call, kernel.reader().output(0));
    ChannelAffine affine = ChannelAffine.of(ops, chain.channels().count(), chain.ops());
    Output<?> scale =
        ops.reshape("scale", affine.scale().orElseThrow(), chain.channels().broadcastShape());
    Output<?> folded = ops.add("Mul", "kernel", kernel.source(), scale);
    List<Edge> readers = NativeGraph.readers(chain.result());
    Output<?> sums = chain.withoutArithmetic(chain.ops().size());
    Optional<Output<?>> shift = affine.shift().map(ops::own);
    Output<?> result = shift.isPresent() ? ops.add("BiasAdd", "sum", sums, shift.get()) : sums;
    NativeGraph.reroute(kernel, folded);
    readers.forEach(reader -> NativeGraph.reroute(reader, result));
    return new FoldedLayer(
        kernel.now(),
        kernel.now(),
        FoldedLayer.replace(outputs, chain.result(), result),
        ops.added());
  }
}
