package org.slimquant.runtime;

import org.tensorflow.Operand;
import org.tensorflow.types.TFloat32;

/** The ops of a layer: the call of the layer method that a generated class overrides. */
@FunctionalInterface
public interface LayerBody {

  /** Adds the layer's ops to the graph and returns its output. */
  Operand<TFloat32> build() throws Throwable;
}
