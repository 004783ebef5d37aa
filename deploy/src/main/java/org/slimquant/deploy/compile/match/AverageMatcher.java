package org.slimquant.deploy.compile.match;

import java.util.List;
import org.slimquant.deploy.compile.graph.Node;
import org.slimquant.model.AveragePool;
import org.slimquant.model.Window;
import org.slimquant.runtime.graph.OpKind;

/**
 * Matches an average over windows. A window may be the whole image.
 *
 * <pre>{@code
 * x, 2^di ─▶ AvgPool ─▶ Quantize, 2^do ─▶          before
 * x, 2^di ─▶ Mean ─▶ Quantize, 2^do ─▶             before, see SlideReductions
 * x ─▶ AveragePool ─▶                              after
 * }</pre>
 *
 * <p><b>The same function:</b> the mean of 2^di·X is 2^di times the mean of the codes, {@code
 * 2^di·ΣX / count}, and its code at step 2^do is {@code floor(ΣX·2^(di-do) / count + 1/2)}. The
 * padding of AvgPool does not count in TensorFlow either. If the count is not a power of two,
 * float32 rounds the quotient. {@link AveragePool} describes when this can change a code.
 *
 * <p>An average does not commute with rounding, so its input must have codes. An average after a
 * convolution within the same layer is refused.
 */
final class AverageMatcher {

  private AverageMatcher() {}

  static Node match(FusedOp fused) {
    fused.requireNoBias();
    fused.inputFormat(0);
    Window window = window(fused);
    return fused.pending(
        List.of(0),
        (name, inputs, output) ->
            new AveragePool(name, inputs.get(0), window, fused.range(), output));
  }

  private static Window window(FusedOp fused) {
    Node root = fused.root();
    if (root.is(OpKind.MEAN) && root.inputs().size() == 2) {
      throw Windows.noWindow(fused, "averages", "average");
    }
    Windows.requireChannelsLast(root);
    return Windows.pool(
        fused, root.attributes().numbers("ksize"), root.attributes().numbers("strides"));
  }
}
