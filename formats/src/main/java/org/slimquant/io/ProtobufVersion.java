package org.slimquant.io;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.util.Optional;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slimquant.io.proto.ProtobufProbe;

/**
 * Checks the protobuf-java that a program runs with: 3.25, or 4.28 or newer. Versions in between
 * lack classes that all previously generated code needs, TensorFlow Java's too.
 *
 * <p>The application's build decides the version, not this library: another library or a list of
 * versions may bring another one. Therefore it is checked before any work is done.
 */
public final class ProtobufVersion {

  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,9})\\.(\\d{1,9}).*");
  private static final int OLDEST_MAJOR = 3;
  private static final int OLDEST_MINOR = 25;

  // One check is enough: a class that could not be loaded cannot be loaded later either.
  private static final Optional<String> FACT = fact();

  private ProtobufVersion() {}

  /**
   * Checks that the files of plans and models can be read and written.
   *
   * @throws IllegalStateException if protobuf-java is too old or missing; the message says which
   *     version was found and where, and what to do
   */
  public static void require() {
    problem()
        .ifPresent(
            problem -> {
              throw new IllegalStateException(
                  problem
                      + "; put com.google.protobuf:protobuf-java:3.25.9, or 4.28.0 or newer, into"
                      + " the dependencyManagement of your pom.xml");
            });
  }

  /** Returns the rule and the version that breaks it, if one does. */
  public static Optional<String> problem() {
    return FACT.map("protobuf-java must be 3.25, or 4.28 or newer, but %s"::formatted);
  }

  private static Optional<String> fact() {
    if (!isThere()) {
      return Optional.of("is missing");
    }
    String version = version();
    if (isTooOld(version)) {
      return Optional.of("is " + found(version));
    }
    try {
      Trial.run();
      return Optional.empty();
    } catch (LinkageError e) {
      return Optional.of(
          "is %s, with which generated classes do not run: %s".formatted(found(version), e));
    }
  }

  private static boolean isThere() {
    try {
      Class.forName("com.google.protobuf.Message");
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static boolean isTooOld(String version) {
    Matcher numbers = NUMBERS.matcher(version);
    if (!numbers.matches()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    return major < OLDEST_MAJOR
        || (major == OLDEST_MAJOR && Integer.parseInt(numbers.group(2)) < OLDEST_MINOR);
  }

  private static String found(String version) {
    URL jar = Message.class.getResource("Message.class");
    return jar == null
        ? version
        : "%s (%s)".formatted(version, root(jar).replaceFirst("^jar:(.+)!/$", "$1"));
  }

  /** Returns the version in the manifest beside protobuf's classes, or that it has none. */
  private static String version() {
    @Nullable URL message = Message.class.getResource("Message.class");
    String version = null;
    if (message != null) {
      try (InputStream in =
          URI.create(root(message) + "META-INF/MANIFEST.MF").toURL().openStream()) {
        version = new Manifest(in).getMainAttributes().getValue("Bundle-Version");
      } catch (IOException e) {
        // A jar may have no manifest: then only the classes are tried.
        version = null;
      }
    }
    return version == null ? "of unknown version" : version;
  }

  private static String root(URL message) {
    return message.toString().replaceFirst("com/google/protobuf/Message\\.class$", "");
  }

  /**
   * The classes that reading and writing need; in a class of its own, as it cannot be loaded
   * without protobuf.
   */
  private static final class Trial {

    static void run() {
      ProtobufProbe probe =
          ProtobufProbe.newBuilder()
              .setName("probe")
              .addPart(ProtobufProbe.newBuilder().addNumber(1).addNumber(2))
              .build();
      try {
        if (!ProtobufProbe.parseFrom(probe.toByteString()).equals(probe)) {
          throw new LinkageError("a message is read as another");
        }
      } catch (InvalidProtocolBufferException e) {
        throw new LinkageError("a message cannot be read", e);
      }
    }
  }
}
