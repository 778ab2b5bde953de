-- Passages with a certificate from abroad: its own identifier; NULL for codes of this country.
-- Such a row names the country in iss, has 'certificate' for a colour, and no code to verify.
ALTER TABLE passages ADD COLUMN certificate TEXT;
CREATE INDEX passages_certificate ON passages (certificate) WHERE certificate IS NOT NULL;
