package org.slimquant.runtime.fakequant;

import java.util.Optional;
import org.slimquant.plan.QuantizationPlan.Site;
import org.slimquant.runtime.graph.Channels;
import org.tensorflow.Output;
import org.tensorflow.types.TFloat32;

/** The ops that round a tensor to the format of its site. */
public interface FakeQuantPlacement {

  /**
   * Adds the ops, on the device of the op that computes the tensor.
   *
   * @param site the tensor's site, whose name one of the ops gets
   * @param tensor the tensor
   * @param channels the output channels of a kernel that is quantized per channel
   * @return the tensor to read in the place of {@code tensor}
   */
  Output<TFloat32> add(Site site, Output<?> tensor, Optional<Channels> channels);
}
