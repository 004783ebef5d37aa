package org.slimquant.deploy.testing;

import org.slimquant.runtime.GraphQuantizer;
import org.tensorflow.Graph;

/** Makes a quantizer with fake quants of one form. */
public interface GraphQuantizerForms {

  /** Returns a quantizer of a graph. */
  GraphQuantizer of(Graph graph);

  /** Fake quants as this platform has them: one op each, but on Windows. */
  static GraphQuantizerForms registered() {
    return GraphQuantizer::fakeQuant;
  }

  /** Fake quants as Windows has them, composed of several ops. */
  static GraphQuantizerForms stopGradient() {
    return StopGradientQuantizer::of;
  }
}
