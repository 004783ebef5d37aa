package org.slimquant.sensitivity;

import java.util.Optional;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.runtime.GraphQuantizer;
import org.slimquant.runtime.fakequant.ProbePlacement;
import org.slimquant.runtime.graph.Operands;
import org.slimquant.runtime.graph.Sessions;
import org.slimquant.runtime.site.FakeQuants;
import org.slimquant.runtime.site.PlannedFormats;
import org.slimquant.sensitivity.Sensitivity.Batch;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.types.TFloat32;

/**
 * A quantizer that prepares a graph for {@link #analyze}, which quantizes each of the tensors that
 * {@link GraphQuantizer#fakeQuant} would quantize alone, in the format that it has there:
 *
 * <pre>{@code
 * ProbingQuantizer quantizer = ProbingQuantizer.of(graph, plan);
 * Operand<TFloat32> logits = new QuantizedLeNet(tf, quantizer).logits(images);
 * …
 * Sensitivity sensitivity = quantizer.analyze(session, logits, batches);
 * }</pre>
 *
 * <p>Otherwise the graph computes the outputs of the float model, bit for bit, and trains like it.
 */
public final class ProbingQuantizer extends GraphQuantizer {

  private final ProbePlacement probes;

  private ProbingQuantizer(Graph graph, QuantizationPlan plan, ProbePlacement probes) {
    super(graph, plan, new FakeQuants(probes, new PlannedFormats(plan)), Optional.empty());
    this.probes = probes;
  }

  /**
   * Returns a quantizer that prepares the layers that are added to {@code graph}.
   *
   * @throws IllegalArgumentException if the plan has a site twice, or the graph has such a
   *     quantizer already
   */
  public static ProbingQuantizer of(Graph graph, QuantizationPlan plan) {
    return new ProbingQuantizer(graph, plan, new ProbePlacement(graph));
  }

  /**
   * Runs the model with each of its quantized tensors quantized alone.
   *
   * @param session a session of the quantizer's graph, whose variables have values
   * @param output the output to compare, of any shape; with labels, its last axis is the axis of
   *     classes
   * @param batches the batches that the model is fed, one after the other
   * @throws IllegalStateException if variables have no value, or none but their initial ones (see
   *     {@link org.slimquant.runtime.InitialValues}); the message names them
   * @throws IllegalArgumentException if no layer was built; session or output are not of the
   *     quantizer's graph; there is no batch; the labels of one are not as many as its samples or
   *     none of the classes, or some batches have labels and others none; or if the output has no
   *     elements, or one that is not finite: the message names batch and site
   */
  public Sensitivity analyze(Session session, Operand<TFloat32> output, Iterable<Batch> batches) {
    return analyze(session, output, batches, (batch, run, runs) -> {});
  }

  /**
   * Runs the model with each of its quantized tensors quantized alone, and calls {@code listener}
   * after each run.
   *
   * @throws IllegalStateException as {@link #analyze(Session, Operand, Iterable)}
   * @throws IllegalArgumentException as {@link #analyze(Session, Operand, Iterable)}
   */
  public Sensitivity analyze(
      Session session,
      Operand<TFloat32> output,
      Iterable<Batch> batches,
      SensitivityListener listener) {
    if (probes.sites().isEmpty()) {
      throw new IllegalArgumentException(
          "an analysis must have sites to probe, but the quantizer has none; build the model before"
              + " the analysis");
    }
    Operands.requireInGraph(graph(), output, "the output that is compared");
    Sessions.requireOf(graph(), session, "an analysis");
    SensitivityAnalysis analysis = new SensitivityAnalysis(session, probes, output, listener);
    batches.forEach(analysis::add);
    return analysis.sensitivity();
  }

  /** Returns the switches of the sites. */
  ProbePlacement probes() {
    return probes;
  }
}
