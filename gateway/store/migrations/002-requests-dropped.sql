-- What a target could not take of a translated request, by name: names.id of the list; NULL for nothing.
ALTER TABLE requests ADD COLUMN dropped INTEGER;
