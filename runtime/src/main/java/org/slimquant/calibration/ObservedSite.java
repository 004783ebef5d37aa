package org.slimquant.calibration;

import java.util.List;
import java.util.Optional;
import org.slimquant.format.FormatRequest;
import org.slimquant.plan.Origin;
import org.slimquant.plan.QuantizationPlan.Kind;
import org.slimquant.runtime.graph.Channels;
import org.tensorflow.Output;

/**
 * A tensor that calibration observes.
 *
 * @param name the name that its fake quant will have
 * @param kind the tensor's role in its layer
 * @param tensor the name of the tensor
 * @param request the request of the annotation
 * @param fetches the tensors that a session fetches to observe it: see {@link Observer}; the kernel
 *     itself where there are channels
 * @param channels the output channels of a kernel that is quantized per channel
 * @param origin the tensor's origin in the network, if it is known
 */
record ObservedSite(
    String name,
    Kind kind,
    String tensor,
    FormatRequest request,
    List<Output<?>> fetches,
    Optional<Channels> channels,
    Optional<Origin> origin) {

  ObservedSite {
    fetches = List.copyOf(fetches);
  }

  boolean isKernel() {
    return kind == Kind.KERNEL;
  }

  ObservedSite withRequest(FormatRequest settled) {
    return new ObservedSite(name, kind, tensor, settled, fetches, channels, origin);
  }
}
