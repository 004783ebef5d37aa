package models;

@SuppressWarnings("rawtypes")
class RawBase extends GenericBase {}
