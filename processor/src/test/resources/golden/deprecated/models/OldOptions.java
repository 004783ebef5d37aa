package models;

@Deprecated
class OldOptions {
  static class Part {}
}
