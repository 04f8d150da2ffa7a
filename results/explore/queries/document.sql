-- title: One document
-- about: A document as it is stored, with the names found in it. Document: its id.
-- ask: document
SELECT t.id AS document, t.day, t.outlet, t.narrative, t.kind, t.language, t.title, t.text, t.url, t.source, t.story,
       (SELECT json_group_array(json_object('name', m.form, 'entity', m.entity, 'class', m.form_class,
                                            'field', m.field, 'start', m.start, 'end', m.end))
        FROM mentions m WHERE m.document = t.row) AS names
FROM texts t WHERE t.id = :document
