#!/usr/bin/env bash
# TensorFlow 2.18 with oneDNN on x86 with AVX-512: wrong sums of a Conv2D.
#
# Expected: a convolution adds products of inputs and weights. With small integers as inputs and
#   weights, float32 adds them without rounding, so the result does not depend on the kernel.
# Seen: a Conv2D over one input channel that moves by 1 row and by several columns, and whose output
#   has one column of several rows, returns wrong sums. They are right with TF_ENABLE_ONEDNN_OPTS=0,
#   and also with two input channels, with one more column, and with a stride of two rows.
# Versions: TensorFlow Java 1.1.0 (TensorFlow 2.18.0), linux-x86_64.
# Output seen (AVX-512):
#   oneDNN: wrong sums: 1 channel 8 of 16, 2 channels 0 of 16, 2 columns 0 of 32, row stride 2 0 of 8
#   Eigen: wrong sums: 1 channel 0 of 16, 2 channels 0 of 16, 2 columns 0 of 32, row stride 2 0 of 8
#
# Exits with 0 if this is seen, with 1 if it has changed. Exits with 0 and a message if it cannot be
# tried.
set -euo pipefail

if ! grep -q avx512bw /proc/cpuinfo 2>/dev/null; then
  echo "not tried: it needs an x86 processor with AVX-512"
  exit 0
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat > pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>finding</groupId>
  <artifactId>finding</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.tensorflow</groupId>
      <artifactId>tensorflow-core-api</artifactId>
      <version>1.1.0</version>
    </dependency>
    <dependency>
      <groupId>org.tensorflow</groupId>
      <artifactId>tensorflow-core-native</artifactId>
      <version>1.1.0</version>
      <classifier>linux-x86_64</classifier>
    </dependency>
  </dependencies>
</project>
XML
mvn -q -B -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars

cat > SingleColumn.java <<'JAVA'
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

public class SingleColumn {
  public static void main(String[] args) {
    System.out.printf(
        "wrong sums: 1 channel %s, 2 channels %s, 2 columns %s, row stride 2 %s%n",
        wrong(1, 1, 1), wrong(1, 2, 1), wrong(3, 1, 1), wrong(1, 1, 2));
  }

  /** Counts wrong sums of 4 filters of 1 x 4, SAME, over an image of 4 rows. */
  static String wrong(int columns, int channels, int rowStride) {
    float[] image = new float[4 * columns * channels];
    for (int i = 0; i < image.length; i++) {
      image[i] = 1 + i % 7;
    }
    float[] kernel = new float[4 * channels * 4];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = 1 + i % 5;
    }
    try (Graph graph = new Graph();
        Session session = new Session(graph);
        TFloat32 fed =
            TFloat32.tensorOf(Shape.of(1, 4, columns, channels), DataBuffers.of(image))) {
      Ops tf = Ops.create(graph);
      Operand<TFloat32> x = tf.placeholder(TFloat32.class);
      Operand<TFloat32> w =
          tf.reshape(tf.constant(kernel), tf.constant(new int[] {1, 4, channels, 4}));
      Operand<TFloat32> y = tf.nn.conv2d(x, w, List.of(1L, (long) rowStride, 2L, 1L), "SAME");
      try (var result = session.runner().feed(x, fed).fetch(y).run()) {
        TFloat32 sums = (TFloat32) result.get(0);
        int rows = (int) sums.shape().get(1);
        int width = (int) sums.shape().get(2);
        int left = Math.max(0, (width - 1) * 2 + 4 - columns) / 2;
        int wrong = 0;
        for (int row = 0; row < rows; row++) {
          for (int column = 0; column < width; column++) {
            for (int filter = 0; filter < 4; filter++) {
              float sum = 0;
              for (int k = 0; k < 4; k++) {
                int at = column * 2 + k - left;
                for (int c = 0; c < channels && at >= 0 && at < columns; c++) {
                  sum +=
                      image[(row * rowStride * columns + at) * channels + c]
                          * kernel[(k * channels + c) * 4 + filter];
                }
              }
              wrong += sums.getFloat(0, row, column, filter) == sum ? 0 : 1;
            }
          }
        }
        return wrong + " of " + rows * width * 4;
      }
    }
  }
}
JAVA

export TF_CPP_MIN_LOG_LEVEL=2
onednn=$(TF_ENABLE_ONEDNN_OPTS=1 java -cp 'jars/*' SingleColumn.java 2>/dev/null)
eigen=$(TF_ENABLE_ONEDNN_OPTS=0 java -cp 'jars/*' SingleColumn.java 2>/dev/null)
echo "oneDNN: $onednn"
echo "Eigen: $eigen"

[[ "$onednn" =~ ^"wrong sums: 1 channel "[1-9][0-9]*" of 16, 2 channels 0 of 16, 2 columns 0 of 32, row stride 2 0 of 8"$ ]] \
  && [ "$eigen" = "wrong sums: 1 channel 0 of 16, 2 channels 0 of 16, 2 columns 0 of 32, row stride 2 0 of 8" ] \
  || { echo "changed"; exit 1; }
