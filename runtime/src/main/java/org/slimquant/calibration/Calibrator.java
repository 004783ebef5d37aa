package org.slimquant.calibration;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slimquant.plan.QuantizationPlan;
import org.slimquant.plan.QuantizationPlan.Remark;
import org.slimquant.runtime.InitialValues;
import org.slimquant.runtime.site.LayerSum;
import org.tensorflow.Session;

/**
 * Finds the formats of a model from the tensors that flow through it when it is fed.
 *
 * <pre>{@code
 * try (Graph graph = new Graph()) {
 *   Ops tf = Ops.create(graph);
 *   CalibratingQuantizer quantizer = CalibratingQuantizer.of(graph);
 *   new QuantizedLeNet(tf, quantizer).logits(images);
 *   try (Session session = new Session(graph)) {
 *     session.restore(checkpoint);
 *     Calibrator calibrator = quantizer.calibrator(session);
 *     for (TFloat32 batch : batches) {
 *       calibrator.add(runner -> runner.feed(images, batch));
 *     }
 *     QuantizationPlan plan = calibrator.plan();
 *   }
 * }
 * }</pre>
 *
 * <p>Each batch runs the model once, up to its last site. Activations are reduced within the graph:
 * it returns 16,384 counts and two floats for a site. Kernels are observed once, before the first
 * batch, and so are biases, which must fit 32 bits. Kernels that are quantized per channel have a
 * few megabytes at most, and the graph returns them whole, like biases.
 *
 * <p>The smallest and the largest element of a tensor are exact. So are the counts, except in large
 * feature maps: tensors of three axes or more, of which a single example has 4,096 elements or
 * more. In these, one place of an image in eleven is counted, with all its channels, the same in
 * every image. Counting all of them takes nearly as long as a small model itself.
 *
 * <p>Several threads may add batches to one calibrator. Several processes may share the batches,
 * {@linkplain CalibrationStatistics#write write} their statistics, and {@linkplain
 * CalibrationStatistics#merge merge} these.
 */
public final class Calibrator {

  private final Session session;
  private final List<ObservedSite> kernels;
  private final List<ObservedSite> activations;
  private final List<LayerSum> sums;
  private final CalibrationListener listener;
  private final Object lock = new Object();
  private CalibrationStatistics statistics;
  private boolean kernelsObserved;
  private long batchesBegun;

  Calibrator(
      Session session,
      List<ObservedSite> observed,
      List<LayerSum> sums,
      List<Remark> remarks,
      CalibrationListener listener) {
    this.session = session;
    this.kernels = observed.stream().filter(ObservedSite::isKernel).toList();
    this.activations = observed.stream().filter(site -> !site.isKernel()).toList();
    this.sums = List.copyOf(sums);
    this.listener = listener;
    this.statistics = CalibrationStatistics.none(observed, sums, remarks);
  }

  /**
   * Runs a batch and adds the tensors that flow to the statistics.
   *
   * @param feed feeds the batch to a runner; anything else that it adds to the runner is run too
   * @throws IllegalStateException if variables have no value, or none but their initial ones (see
   *     {@link InitialValues}); the message names them
   * @throws IllegalArgumentException if a tensor has NaN or infinite elements; the message names
   *     site and batch, counted from 1, and the statistics stay as they were before the batch
   */
  public void add(Consumer<Session.Runner> feed) {
    long batch;
    synchronized (lock) {
      batch = ++batchesBegun;
      if (!kernelsObserved) {
        InitialValues.refuse(
            session,
            Stream.of(kernels, activations)
                .flatMap(List::stream)
                .flatMap(site -> site.fetches().stream())
                .toList());
        statistics =
            statistics
                .plus(Observations.run(session, kernels, runner -> {}, batch), 0)
                .withSums(SumObservations.run(session, sums, batch));
        kernelsObserved = true;
      }
    }
    List<SiteStatistics> seen = Observations.run(session, activations, feed, batch);
    synchronized (lock) {
      statistics = statistics.plus(seen, 1);
      listener.observed(statistics.batches());
    }
  }

  /** Returns the statistics of the batches so far. */
  public CalibrationStatistics statistics() {
    synchronized (lock) {
      return statistics;
    }
  }

  /**
   * Returns the plan by {@link CalibrationMethod#MIN_MSE}.
   *
   * @throws IllegalStateException if there was no batch, or if a tensor whose format must be chosen
   *     never had an element
   */
  public QuantizationPlan plan() {
    return plan(CalibrationMethod.MIN_MSE);
  }

  /**
   * Returns the plan by {@code method}; see {@link CalibrationStatistics#plan}.
   *
   * @throws IllegalStateException if there was no batch, or if a tensor whose format must be chosen
   *     never had an element
   */
  public QuantizationPlan plan(CalibrationMethod method) {
    return statistics().plan(method);
  }
}
