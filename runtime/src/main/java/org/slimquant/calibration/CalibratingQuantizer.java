package org.slimquant.calibration;

import java.util.List;
import java.util.Optional;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.graph.Sessions;
import org.tensorflow.Graph;
import org.tensorflow.Session;

/**
 * A quantizer that leaves the layers of its graph as they are and observes the tensors that {@link
 * GraphQuantizer#fakeQuant} would quantize. A {@link Calibrator} runs batches through them and
 * makes the plan:
 *
 * <pre>{@code
 * CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
 * new QuantizedLeNet(tf, quantizer).logits(images);
 * …
 * Calibrator calibrator = quantizer.calibrator(session);
 * }</pre>
 *
 * <p>The graph computes the outputs of the float model, bit for bit. In large feature maps, which
 * have 4,096 elements an example or more, one place in eleven is counted; their extremes are exact.
 */
public final class CalibratingQuantizer extends GraphQuantizer {

  private final Observers observers;

  private CalibratingQuantizer(Graph graph, Observers observers) {
    super(graph, QuantizationPlan.EMPTY, observers, Optional.empty());
    this.observers = observers;
  }

  /** Returns a quantizer that observes the layers that are added to {@code graph}. */
  public static CalibratingQuantizer of(Graph graph) {
    return new CalibratingQuantizer(graph, new Observers(graph));
  }

  /**
   * Returns a calibrator for the layers that were built. Variables must have their values before
   * the first batch.
   *
   * @param session a session of the quantizer's graph
   * @throws IllegalArgumentException if no layer was built, or the session is of another graph
   */
  public Calibrator calibrator(Session session) {
    return calibrator(session, batches -> {});
  }

  /**
   * Returns a calibrator that calls {@code listener} after each batch.
   *
   * @throws IllegalArgumentException if no layer was built, or the session is of another graph
   */
  public Calibrator calibrator(Session session, CalibrationListener listener) {
    if (observed().isEmpty()) {
      throw new IllegalArgumentException(
          "a calibrator must have sites to observe, but the quantizer has none; build the model"
              + " before the calibrator");
    }
    Sessions.requireOf(graph(), session, "a calibrator");
    return new Calibrator(session, observed(), layerSums(), remarks(), listener);
  }

  /** Returns the tensors that are observed so far. */
  List<ObservedSite> observed() {
    return observers.observed();
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException always: no bias has a format yet
   */
  @Override
  public List<Remark> checkBiases(Session session) {
    throw new IllegalArgumentException(
        "a check of biases must be of a quantizer that quantizes, but this one calibrates; build"
            + " the model with GraphQuantizer.fakeQuant and the plan in a graph of its own");
  }
}
