package org.slimquant.deploy.report;

import static com.google.common.truth.Truth.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slimquant.calibration.CalibrationStatistics;
import org.slimquant.deploy.testing.NamedStatistics;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.io.FifoQueue;
import org.tensorflow.op.io.QueueEnqueue;
import org.tensorflow.op.io.ReaderRead;
import org.tensorflow.proto.Event;
import org.tensorflow.proto.HistogramProto;
import org.tensorflow.types.TString;

/** Event files, read by TensorFlow, which checks their checksums. */
final class TensorBoardSummariesTest {

  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_500), ZoneOffset.UTC);

  @Test
  void eachObservedSiteHasAHistogram(@TempDir Path folder) throws Exception {
    CalibrationStatistics statistics =
        new NamedStatistics()
            .site("conv1/SlimQuant/output", new float[] {-1, 0, 0, 0.5f, 3})
            .site("unseen", new float[0])
            .site("constant", new float[] {7, 7})
            .statistics();
    TensorBoardSummaries.write(folder.resolve("logs/run"), statistics, 42, CLOCK);

    List<Event> events = events(folder.resolve("logs/run"));
    assertThat(events).hasSize(2);
    assertThat(events.get(0).getFileVersion()).isEqualTo("brain.Event:2");
    assertThat(events.get(1).getStep()).isEqualTo(42);
    assertThat(events.get(1).getWallTime()).isEqualTo(1.5);
    assertThat(events.get(1).getSummary().getValueList().stream().map(v -> v.getTag()).toList())
        .containsExactly("conv1/SlimQuant/output", "constant")
        .inOrder();
    HistogramProto histogram = events.get(1).getSummary().getValue(0).getHisto();
    assertThat(histogram.getMin()).isEqualTo(-1);
    assertThat(histogram.getMax()).isEqualTo(3);
    assertThat(histogram.getNum()).isEqualTo(5);
    assertThat(histogram.getSum()).isWithin(0.01).of(2.5);
    assertThat(histogram.getSumSquares()).isWithin(0.02).of(10.25);
    assertThat(histogram.getBucketLimitList())
        .containsExactly(-1.0, 0.0, 0.5, 33 / 64.0, 3.0)
        .inOrder();
    assertThat(histogram.getBucketList()).containsExactly(1.0, 2.0, 0.0, 1.0, 1.0).inOrder();
    HistogramProto constant = events.get(1).getSummary().getValue(1).getHisto();
    assertThat(constant.getBucketLimitList()).containsExactly(7.0);
    assertThat(constant.getBucketList()).containsExactly(2.0);
  }

  @Test
  void aSecondFileLeavesTheFirst(@TempDir Path folder) throws Exception {
    CalibrationStatistics statistics =
        new NamedStatistics().site("a", new float[] {1}).statistics();
    TensorBoardSummaries.write(folder, statistics, 0, CLOCK);
    TensorBoardSummaries.write(folder, statistics, 1);

    assertThat(files(folder)).hasSize(2);
  }

  private static List<Path> files(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static List<Event> events(Path folder) throws Exception {
    Path file = files(folder).get(0);
    assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.0000000001.");
    List<Event> events = new ArrayList<>();
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      FifoQueue files = tf.io.fifoQueue(List.of(TString.class));
      QueueEnqueue enqueue =
          tf.io.queueEnqueue(files.handle(), List.of(tf.constant(file.toString())));
      ReaderRead record = tf.io.readerRead(tf.io.tfRecordReader().readerHandle(), files.handle());
      try (Session session = new Session(graph)) {
        session.runner().addTarget(enqueue).run().close();
        for (int i = 0; i < 2; i++) {
          try (Result result = session.runner().fetch(record.value()).run()) {
            events.add(Event.parseFrom(((TString) result.get(0)).asBytes().getObject()));
          }
        }
      }
    }
    return events;
  }
}
