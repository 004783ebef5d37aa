package org.slimquant.benchmarks.quantizer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.slimquant.benchmarks.harness.Figure;
import org.slimquant.benchmarks.harness.Samples;
import org.slimquant.format.FixedPoint;
import org.slimquant.runtime.FakeQuant;
import org.slimquant.runtime.SlimQuant;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The method of the article on which this library is based, for comparison. For each tensor, it
 * scans all ops of the graph, picks those that read the tensor and whose name contains the layer's
 * name, and reroutes them.
 *
 * <p>It quantizes the kernels of some layers of a finished graph. Quantizing all kernels would take
 * a minute, and the graph would only grow meanwhile.
 */
@BenchmarkMode(Mode.SingleShotTime)
@Fork(1)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@State(Scope.Thread)
public class ScanBenchmark {

  private static final int LAYERS = 1_000;
  private static final int STRIDE = 50;
  private static final FixedPoint FORMAT = FixedPoint.signed(8, -7);

  private final DenseLayers layers = DenseLayers.of(LAYERS);

  /** Nanoseconds per quantized tensor. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Counters {
    public double scan;
  }

  /** Quantizes every fiftieth kernel. */
  @Benchmark
  public void scan(Counters counters) {
    try (Graph graph = new Graph()) {
      layers.addTo(graph);
      Ops tf = Ops.create(graph);
      long start = System.nanoTime();
      for (int i = 0; i < LAYERS; i += STRIDE) {
        quantizeKernel(graph, tf, layers.name(i));
      }
      counters.scan = (double) (System.nanoTime() - start) / (LAYERS / STRIDE);
    }
  }

  public static List<Figure> figures(Samples samples) {
    return List.of(
        Figure.of(
                "  the article's scan of all ops, 1,000 layers",
                "µs",
                samples.quartiles("scan", nanos -> nanos / 1e3))
            .elsewhere("30,000 µs when this library was designed"));
  }

  private static void quantizeKernel(Graph graph, Ops tf, String layer) {
    @SuppressWarnings("unchecked") // the variables of the layers are floats
    Output<TFloat32> kernel = (Output<TFloat32>) graph.outputOrThrow(layer + "_kernel:0");
    List<GraphOperation> readers = readers(graph, kernel, layer);
    if (readers.isEmpty()) {
      throw new IllegalStateException("no op of %s reads its kernel".formatted(layer));
    }
    Output<TFloat32> quantized = FakeQuant.of(tf, kernel, FORMAT).asOutput();
    readers.forEach(reader -> SlimQuant.insertQuantOp(graph, kernel, reader.name(), quantized));
  }

  private static List<GraphOperation> readers(Graph graph, Output<?> tensor, String name) {
    List<GraphOperation> readers = new ArrayList<>();
    for (Iterator<GraphOperation> all = graph.operations(); all.hasNext(); ) {
      GraphOperation operation = all.next();
      if (operation.name().contains(name)
          && IntStream.range(0, operation.numInputs())
              .anyMatch(i -> operation.input(i).equals(tensor))) {
        readers.add(operation);
      }
    }
    return readers;
  }
}
